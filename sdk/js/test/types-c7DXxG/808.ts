// keywordrefs/null keyword function refhead
import type { Entrypoints } from "./808.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
