declare module "virtual:icons" {
  /** The address of the SVG file that has all icons. */
  export const sprite: string;
}
declare module "*.svg" {
  const address: string;
  export default address;
}
declare module "*.ftl?raw" {
  const text: string;
  export default text;
}
