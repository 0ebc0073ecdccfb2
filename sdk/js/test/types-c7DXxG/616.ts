// jsonremove/shared roots
import type { Entrypoints } from "./616.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"d":8}}};
export {};
