// eqexpr/pattern: object ref
import type { Entrypoints } from "./316.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
