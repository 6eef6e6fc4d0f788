import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useLanguage } from '../i18n/context.tsx';
import { known } from '../known.ts';
import { CloseIcon } from './icons.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}

/** A modal `<dialog>`: the browser keeps the focus inside and closes it on Escape. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const { t } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => open(known(dialog.current)), []);
  return (
    <dialog ref={dialog} class={wide ? 'wide' : ''} aria-labelledby={heading} onClose={onClose}>
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t.app.close}
          onClick={() => dialog.current?.close()}
        >
          <CloseIcon />
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** Opens it; the answer gives the focus back, which a dialog taken away while open does not do by itself. */
function open(dialog: HTMLDialogElement): () => void {
  const opener = document.activeElement;
  dialog.showModal();
  // Not `autofocus`, which the browser would heed on the first paint of the page too.
  dialog.querySelector<HTMLElement>('[data-focus]')?.focus();
  return () => {
    if (opener instanceof HTMLElement) opener.focus();
  };
}
