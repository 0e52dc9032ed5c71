// What the page shows, as a value: each change gives another. It holds what a link holds (`links.js`).

// The view as it is where nothing else was chosen, as `dashboard/state/view.py` has it.
export const fresh_view = ({people, chosen, by_choice}) => ({language: "en", focus: people[0], drawn: "difference", year: null, chosen, valued: by_choice});

export const seen = (state, rules) => ({...fresh_view(rules), ...state.view});

export const begun = (of, view = {}) => ({of, scenario: {}, package: null, view, kept: [], option: null});

export const policies_of = (scenario) => scenario.policies ?? {};

// With another view; what is as in a fresh one is left out.
export function looking(state, changed, rules) {
  const fresh = fresh_view(rules), view = {...state.view, ...changed};
  for (const name of Object.keys(changed)) if (JSON.stringify(view[name]) === JSON.stringify(fresh[name])) delete view[name];
  return {...state, view};
}

// With another scenario; an option that is edited is that scenario.
export function with_scenario(state, scenario) {
  const kept = state.kept.map((each, place) => (place === state.option ? scenario : each));
  return {...state, scenario, kept};
}

export const with_policies = (state, policies) => with_scenario(state, {...state.scenario, policies});

// The package in the place of every lever moved; none is today's policy.
export function with_package(state, name, packages) {
  const named = state.option !== null && state.scenario.title ? {title: state.scenario.title} : {};
  return {...with_scenario(state, {...(name ? packages[name].written : {}), ...named}), package: name};
}

// One more option, under a name that none of the others bears.
export function keeping(state, scenario) {
  const taken = new Set(state.kept.map((each) => each.title)), {title} = scenario;
  let name = title;
  for (let number = 2; title && taken.has(name); number++) name = `${title} (${number})`;
  return {...state, kept: [...state.kept, {...scenario, ...(title ? {title: name} : {})}]};
}

export const without_option = (state, place) => ({...state, kept: state.kept.filter((_, each) => each !== place),
  option: state.option === null || state.option === place ? null : state.option - (state.option > place ? 1 : 0)});

export const renamed = (state, place, title) => {
  const kept = state.kept.map((each, at) => (at === place ? {...each, title} : each));
  return {...state, kept, scenario: state.option === place ? kept[place] : state.scenario};
};

export const taking = (state, place) => ({...state, scenario: state.kept[place], package: null, option: null});
