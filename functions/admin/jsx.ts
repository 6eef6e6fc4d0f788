// What the page's JSX is compiled to; see bundle.ts.
export { Fragment, h } from 'preact';
