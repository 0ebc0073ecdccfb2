// keywordrefs/package keyword function refhead
import type { Entrypoints } from "./815.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
