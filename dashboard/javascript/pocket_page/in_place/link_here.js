// In the place of `room/link_now.js`: the state that the page holds, as its links say it.
export const link_now = () => window.pushpull.page.written ?? "";
