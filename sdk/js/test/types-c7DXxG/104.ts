// array/flatten mixed types
import type { Entrypoints } from "./104.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2,"string",3,{"a":"b"},4.5,6,[7,8]];
export {};
