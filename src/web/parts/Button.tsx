import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';
import './button.css';

interface Look {
  /** `main` is the one next action of its screen. */
  look?: 'main' | 'plain' | 'quiet';
  size?: 'large' | 'usual' | 'small';
  icon?: IconName;
  children: ReactNode;
}

export function buttonClass(look: NonNullable<Look['look']>, size: NonNullable<Look['size']>): string {
  return `button button-${look} button-${size}`;
}

export function Button({
  look = 'plain',
  size = 'usual',
  icon,
  children,
  className,
  type = 'button',
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type={type} className={[buttonClass(look, size), className].filter(Boolean).join(' ')} {...rest}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
