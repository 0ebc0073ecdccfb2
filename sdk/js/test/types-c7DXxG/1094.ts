// objectunion/both empty
import type { Entrypoints } from "./1094.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {};
export {};
