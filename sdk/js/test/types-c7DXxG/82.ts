// ceil rounds up (3)
import type { Entrypoints } from "./82.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 2223;
export {};
