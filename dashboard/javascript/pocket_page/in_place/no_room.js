// In the place of phones, rounds of teams and questions to a room (`room/live.js`, `room/rounds.js`, `room/quick.js`), which
// need a server: there are none.

import {make} from "../../dom.js";

const nothing = () => {};

export const live = () => ({state: () => null, shut: () => false, show: nothing, put: nothing});

export const rounds_of = () => ({is_on: () => false, seen: () => null, begin: nothing, stop: nothing, resume: nothing, each_role: []});
export const round_column = nothing;
export const round_desk = () => false;

export const quick_questions = () => ({box: make("div", {hidden: true}), open: nothing, close: () => false, fault: nothing});
