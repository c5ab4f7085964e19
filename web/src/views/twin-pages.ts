/** The views of the user's twin, whose code is loaded with the first of them. */
export { CallsView } from "./calls";
export { LettersView } from "./letters";
export { TwinView } from "./twin";
