// keywordrefs/as keyword function refhead
import type { Entrypoints } from "./752.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
