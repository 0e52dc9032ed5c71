import {make, paired} from "./dom.js";
import {YEAR, YEARS, entry_digits, fault_of_number, page_signs, read_number, read_setting, rounded, year_text} from "./numbers.js";

// A field that holds no number; the message is for the person who filled it in.
class Unread extends Error {}

// Start, ramp and end of a lever, or a table of years; what is set goes out as a scenario file would write it.
export function schedule(control, words, model) {
  const say = words.schedule, {scale, digits, id} = control;
  const field = (name, title) => {
    const input = make("input", {type: "text", inputMode: "decimal", autocomplete: "off", "data-field": name});
    return [input, make("label", {}, title, input)];
  };
  const kinds = Object.entries(say.kinds).map(([kind, title]) => make("option", {value: kind}, title));
  const kind = make("select", {}, ...kinds);
  const [start, starts] = field("start", say.from), [end, ends] = field("end", say.to);
  const [value, values] = field("value", `${say.value} (${control.unit || "\u2013"})`);
  const points = make("textarea", {rows: 4, spellcheck: false}), table = make("label", {}, say.points, points);
  const routes = [["", control.together], ...control.routes.map((route) => [route.id, route.title])];
  const route = make("select", {}, ...routes.map(([key, title]) => make("option", {value: key}, title)));
  const set = make("button", {type: "button", class: "button"}, say.set);
  const fault = make("p", {class: "fault", hidden: true, role: "alert"});
  const shown = (amount) => entry_digits(rounded(amount * scale, digits));
  // A number of the form; the first that is none, or that cannot be told, ends the reading with the reason.
  function number(text, low, high, unit = "", found = read_number(text, page_signs(), unit)) {
    const told = fault_of_number(text, found, page_signs(), words, low, high, unit);
    if (told) throw new Unread(told);
    return found.value;
  }
  // Nothing moves before policy starts, and what begins after the end of the run does nothing.
  let run = {};
  const year = (text, low = run.policy_start ?? YEARS[0], high = YEARS[1]) => number(text, low, high, YEAR);
  const first = () => year(start.value, run.policy_start, run.end);
  function span() {
    const from = first(), to = year(end.value);
    if (to <= from) throw new Unread(say.order);
    return {from, to};
  }
  const today = control.today.every((each) => each === control.today[0]) ? control.today[0] * scale : undefined;
  function told(text) {
    const {low, high, unit} = control;
    return Number((number(text, low, high, unit, read_setting(text, page_signs(), unit, low, today)) / scale).toPrecision(12));
  }
  function arrange() {
    starts.hidden = !["step", "ramp", "pulse"].includes(kind.value);
    ends.hidden = !["ramp", "pulse"].includes(kind.value);
    values.hidden = kind.value === "table";
    table.hidden = kind.value !== "table";
  }
  // The years go out in their order; as texts with a point, since an object puts keys of digits before all others.
  function rows_of(text) {
    const found = new Map();
    text.split("\n").forEach((row, place) => {
      if (!row.trim()) return;
      const [first, second, ...more] = row.split(/[:;\t]/), line = `${say.points_line} ${place + 1}`;
      const within = (act) => {
        try { return act(); } catch (why) { throw why instanceof Unread ? new Unread(paired(words, line, why.message)) : why; }
      };
      if (second === undefined || more.length) throw new Unread(paired(words, line, say.points));
      const key = within(() => year(first));
      if (found.has(key)) throw new Unread(paired(words, line, say.points_twice.replace("{}", first.trim())));
      found.set(key, within(() => told(second)));
    });
    if (!found.size) throw new Unread(say.points);
    const rows = [...found].sort(([one], [other]) => one - other);
    return Object.fromEntries(rows.map(([key, amount]) => [Number.isInteger(key) ? `${key}.0` : String(key), amount]));
  }
  function form() {
    if (kind.value === "constant") return told(value.value);
    if (kind.value === "step") return {step: {year: first(), value: told(value.value)}};
    if (kind.value === "table") return {table: rows_of(points.value)};
    return {[kind.value]: {...span(), value: told(value.value)}};
  }
  kind.addEventListener("change", arrange);
  set.addEventListener("click", () => {
    fault.hidden = true;
    try {
      model.send_msg({schedule: {id, route: route.value || null, form: form()}, panel: words.panel});
    } catch (why) {
      if (!(why instanceof Unread)) throw why;
      fault.textContent = why.message;
      fault.hidden = false;
    }
  });
  const rows = [make("label", {}, say.kind, kind), starts, ends, values, table,
    control.routes.length ? make("label", {}, control.together, route) : null, fault, set];
  const box = make("details", {class: "schedule"}, make("summary", {}, say.title), make("div", {class: "fields"}, ...rows));
  return {box, show(setting, years) {
    run = years;
    if (box.open && box.contains(box.getRootNode().activeElement)) return;
    const held = setting.form;
    kind.value = held.kind;
    start.value = year_text(held.start ?? years.policy_start);
    end.value = year_text(held.end ?? Number(years.policy_start) + 4);
    value.value = shown(held.value ?? setting.values[0]);
    points.value = (held.points ?? [[years.policy_start, setting.values[0]]])
      .map(([each, amount]) => `${year_text(each)}: ${shown(amount)}`).join("\n");
    arrange();
  }};
}
