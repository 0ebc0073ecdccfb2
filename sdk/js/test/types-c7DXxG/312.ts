// eqexpr/pattern: array = ref (reversed)
import type { Entrypoints } from "./312.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["foo"];
export {};
