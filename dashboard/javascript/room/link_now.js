// The state that the page holds, as its address will say it.
export const link_now = () => new URL(window.pushpull.address() ?? window.location.href).searchParams.get("state") ?? "";
