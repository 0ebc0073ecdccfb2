// jwtdecodeverify/rs256-wrong-aud
import type { Entrypoints } from "./675.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false,{},{}];
export {};
