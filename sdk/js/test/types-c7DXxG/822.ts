// keywordrefs/some keyword function refhead
import type { Entrypoints } from "./822.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
