// What a browser keeps (`localStorage`, or `sessionStorage` for one tab): null where it keeps nothing, or lets no page ask.
export const stored = (store, act) => { try { return act(window[store]); } catch { return null; } };
