// objectfilter/error invalid key param type number input
import type { Entrypoints } from "./1048.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
