// What `pushpull.dashboard.pocket.packing` packs: plain values in which arrays stand by their place among the bytes.

import {expanded} from "./lzma.js";

const KINDS = {float64: Float64Array, int64: BigInt64Array, int8: Int8Array, uint8: Uint8Array};

const bytes_of = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export function unpacked({bytes, size, text}) {
  const whole = expanded(bytes_of(bytes), size);
  const opened = (value) => {
    if (Array.isArray(value)) return value.map(opened);
    if (value === null || typeof value !== "object") return value;
    if (typeof value.dtype === "string") return new KINDS[value.dtype](whole.buffer, value.at, value.count);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, opened(each)]));
  };
  return opened(JSON.parse(new TextDecoder().decode(whole.subarray(text))));
}
