// keywordrefs/default keyword function refhead
import type { Entrypoints } from "./766.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
