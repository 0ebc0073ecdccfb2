// functions/multi4
import type { Entrypoints } from "./401.policy.js";
const answer: Entrypoints["ex/multi4"]["result"] = "bar";
export {};
