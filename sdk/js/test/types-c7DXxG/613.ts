// jsonremove/base
import type { Entrypoints } from "./613.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"d":8}},"e":9};
export {};
