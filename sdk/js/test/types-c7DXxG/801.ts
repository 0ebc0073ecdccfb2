// keywordrefs/not keyword function refhead
import type { Entrypoints } from "./801.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
