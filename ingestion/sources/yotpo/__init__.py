"""Yotpo: reviews with their photos and videos, questions, loyalty and referrals."""
