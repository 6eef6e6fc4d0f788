import type { ComponentChildren } from 'preact';

/** A region that scrolls when it is long; focusable, so that the keyboard can scroll it in every browser. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
