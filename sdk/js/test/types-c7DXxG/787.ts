// keywordrefs/false keyword function refhead
import type { Entrypoints } from "./787.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
