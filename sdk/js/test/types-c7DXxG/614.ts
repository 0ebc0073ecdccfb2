// jsonremove/multiple roots
import type { Entrypoints } from "./614.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"d":8}}};
export {};
