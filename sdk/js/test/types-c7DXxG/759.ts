// keywordrefs/contains keyword function refhead
import type { Entrypoints } from "./759.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
