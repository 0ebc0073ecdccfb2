// keywordrefs/in keyword function refhead
import type { Entrypoints } from "./794.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
