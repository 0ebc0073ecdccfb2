// objectfilter/error invalid key param type nil input
import type { Entrypoints } from "./1049.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
