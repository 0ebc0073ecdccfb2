// jwtdecodeverify/rs256-exp-now-explicit-expired
import type { Entrypoints } from "./662.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
