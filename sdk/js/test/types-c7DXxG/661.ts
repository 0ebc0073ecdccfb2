// jwtdecodeverify/rs256-exp-now-expired
import type { Entrypoints } from "./661.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
