// keywordrefs/else keyword function refhead
import type { Entrypoints } from "./773.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
