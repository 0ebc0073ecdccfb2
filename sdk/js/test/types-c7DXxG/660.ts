// jwtdecodeverify/rs256-exp-expired
import type { Entrypoints } from "./660.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
