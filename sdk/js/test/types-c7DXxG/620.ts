// jsonremove/object with number keys
import type { Entrypoints } from "./620.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":[{"1":["b","c"]},{"x":"y"}]};
export {};
