// jwtdecodeverify/hs256-key-wrong
import type { Entrypoints } from "./670.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
