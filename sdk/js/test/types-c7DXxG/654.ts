// jwtdecodeverify/rs256-key-wrong
import type { Entrypoints } from "./654.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
