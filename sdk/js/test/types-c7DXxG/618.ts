// jsonremove/delete last in object
import type { Entrypoints } from "./618.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{}};
export {};
