// jsonremove/multiple roots array
import type { Entrypoints } from "./615.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"d":8}}};
export {};
