// jsonfilter/arrays
import type { Entrypoints } from "./604.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":[{"b":7},{"d":9}]};
export {};
