// netcidrcontainsmatches/bad set tuple element
import type { Entrypoints } from "./995.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
