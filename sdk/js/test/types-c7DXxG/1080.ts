// objectremove/empty object
import type { Entrypoints } from "./1080.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {};
export {};
