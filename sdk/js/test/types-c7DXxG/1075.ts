// objectremove/base
import type { Entrypoints } from "./1075.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"b":{"c":3}};
export {};
