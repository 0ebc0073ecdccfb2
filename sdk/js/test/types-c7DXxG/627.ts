// jsonremove/error invalid paths type string
import type { Entrypoints } from "./627.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
