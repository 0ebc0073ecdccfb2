// objectunion/conflict simple
import type { Entrypoints } from "./1098.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":2};
export {};
