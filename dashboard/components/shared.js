// Elements are made with their text as text, so that nothing a file or a link says can become markup.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style") element.style.cssText = value;
    else if (name in element && !name.startsWith("aria-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// A name and what goes with it, with the colon as the language of the page writes it.
const paired = (words, name, value) =>
  words.pair.replace(/\{(name|value)\}/g, (_, place) => (place === "name" ? name : value));

// The component's plain values, which come as JSON texts, under their own names; each text is opened once.
function opened(bare) {
  const on = (name, act) => bare.on(name.startsWith("msg:") ? name : name + "_text", act);
  // Without a connection moves wait (`Turns` in levers.js), and the page says of the rest that it cannot be done now.
  const send_msg = (message) => {
    if (!message.release) window.dispatchEvent(new Event("pushpull:sent"));
    if (!window.pushpull.lost) bare.send_msg(message);
    else if (!message.moves && !message.release) window.pushpull.in_vain();
  };
  const model = {on, send_msg};
  for (const name of ["words", "shown", "groups", "leaves", "summaries"]) {
    let text, values;
    Object.defineProperty(model, name, {get() {
      const now = bare[name + "_text"];
      if (now !== text) [text, values] = [now, JSON.parse(now)];
      return values;
    }});
  }
  return model;
}

function download(name, content, type = "text/plain") {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const anchor = make("a", {href: url, download: name});
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// A drawing as a picture of pixels, twice as fine as it stands: drawn by the browser, without any other program.
async function pixels(svg) {
  const image = new Image();
  const [, , width, height] = /viewBox="([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"/.exec(svg).slice(1).map(Number);
  const sized = svg.replace("<svg ", `<svg width="${width}" height="${height}" `);
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(sized);
  await image.decode();
  const canvas = make("canvas", {width: 2 * width, height: 2 * height});
  const ground = canvas.getContext("2d");
  ground.fillStyle = "#ffffff";
  ground.fillRect(0, 0, canvas.width, canvas.height);
  ground.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
