// keywordrefs/every keyword function refhead
import type { Entrypoints } from "./780.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
