// What `pushpull.dashboard.pocket.packing` packs: plain values in which arrays stand by their place among deflated bytes.

const KINDS = {float64: Float64Array, int64: BigInt64Array, int8: Int8Array, uint8: Uint8Array};

const bytes_of = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

export async function unpacked({values, bytes}) {
  const whole = await inflated(bytes_of(bytes));
  const opened = (value) => {
    if (Array.isArray(value)) return value.map(opened);
    if (value === null || typeof value !== "object") return value;
    if (typeof value.dtype === "string") return new KINDS[value.dtype](whole, value.at, value.count);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, opened(each)]));
  };
  return opened(values);
}
