// keywordrefs/true keyword function refhead
import type { Entrypoints } from "./829.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
